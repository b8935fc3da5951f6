// The bundler gives each function its name by a call of the helper `__name`, because it may have renamed it. Most
// functions have that name already. Calls for the closures of a request cost each request.
import ts from 'typescript';

/** Returns the script without the calls that change nothing. */
export function withoutNeedlessNames(script) {
  const source = ts.createSourceFile('script.cjs', script, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const cuts = [];
  const visit = (node, parent) => {
    if (isNaming(node) && hasName(node, parent)) {
      const [target] = node.arguments;
      cuts.push([node.getStart(source), target.getStart(source)], [target.getEnd(), node.getEnd()]);
    }
    ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(source, undefined);
  return cut(script, cuts);
}

function isNaming(node) {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === '__name';
}

/** Whether the function has that name without the call. */
function hasName(call, parent) {
  const [target, { text: name }] = call.arguments;
  // A declared function.
  if (ts.isIdentifier(target)) return target.text === name;
  const isAnonymous = ts.isArrowFunction(target) || (ts.isFunctionExpression(target) && target.name === undefined);
  return isAnonymous && nameGivenBy(parent, call) === name;
}

/** The name that an anonymous function gets from its place. */
function nameGivenBy(parent, value) {
  const isNamed =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  if (isNamed && parent.initializer === value) return parent.name.text;
  const isAssigned = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssigned && parent.right === value ? parent.left.text : undefined;
}

function cut(script, cuts) {
  const kept = [];
  let position = 0;
  for (const [start, end] of cuts.toSorted(([one], [other]) => one - other)) {
    kept.push(script.slice(position, start));
    position = end;
  }
  return kept.join('') + script.slice(position);
}
