// Rules of oxlint for this project.

const MAX_PARAMETERS = 4;
/** A class with more injected parts does more than one thing. */
const MAX_INJECTED = 6;

const maxParams = {
  meta: {
    type: 'suggestion',
    docs: { description: 'Limits parameters; a constructor may have more, which Nest injects.' },
  },
  create(context) {
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
      TSEmptyBodyFunctionExpression: check,
    };

    function check(node) {
      const isConstructor = node.parent?.type === 'MethodDefinition' && node.parent.kind === 'constructor';
      const max = isConstructor ? MAX_INJECTED : MAX_PARAMETERS;
      if (node.params.length <= max) return;
      const message = `${isConstructor ? 'The constructor' : 'The function'} has ${node.params.length} parameters, at most ${max}.`;
      context.report({ node: isConstructor ? node.parent : node, message });
    }
  },
};

export default { meta: { name: 'rookery' }, rules: { 'max-params': maxParams } };
