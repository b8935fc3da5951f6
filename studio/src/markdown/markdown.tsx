import { Component, type ComponentChildren, type VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type Block, BlockSplitter, type Token } from './block.splitter';
import { CodeBlock } from './code.block';

/** Shows Markdown of a model. It becomes elements, never HTML text, so it can neither run scripts nor load anything. */
export function Markdown({ text }: { readonly text: string }) {
  const splitter = useRef<BlockSplitter>(null);
  splitter.current ??= new BlockSplitter();
  return (
    <div class="markdown">
      {splitter.current.split(text).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly block: Block;
}

/** Renders again only if its text has changed. */
class BlockView extends Component<BlockProps> {
  override shouldComponentUpdate({ block }: BlockProps): boolean {
    return block.source !== this.props.block.source;
  }

  override render({ block }: BlockProps) {
    return <>{renderTokens(block.tokens)}</>;
  }
}

interface OpenElement {
  readonly token: Token | undefined;
  readonly children: ComponentChildren[];
}

/** Builds elements from a flat list of tokens. */
function renderTokens(tokens: readonly Token[]): ComponentChildren[] {
  const root: OpenElement = { token: undefined, children: [] };
  const open: OpenElement[] = [root];
  for (const token of tokens) {
    const current = open.at(-1) ?? root;
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === -1 && open.length > 1) {
      open.pop();
      (open.at(-1) ?? root).children.push(elementOf(current.token, current.children));
    } else current.children.push(leafOf(token));
  }
  // A block that is still growing may lack its end.
  while (open.length > 1) {
    const rest = open.pop();
    if (rest !== undefined) (open.at(-1) ?? root).children.push(elementOf(rest.token, rest.children));
  }
  return root.children;
}

function leafOf(token: Token): ComponentChildren {
  switch (token.type) {
    case 'inline':
      return renderTokens(token.children ?? []);
    case 'code_inline':
      return <code>{token.content}</code>;
    case 'fence':
    case 'code_block':
      return <CodeBlock code={token.content} language={token.info.trim().split(/\s/)[0] ?? ''} />;
    case 'hr':
      return <hr />;
    case 'hardbreak':
      return <br />;
    case 'softbreak':
      return '\n';
    case 'image':
      // A picture of another host would report to it what its address says.
      return (
        <SafeLink href={token.attrGet('src')}>Image: {token.content === '' ? 'untitled' : token.content}</SafeLink>
      );
    default:
      return token.content;
  }
}

function elementOf(token: Token | undefined, children: ComponentChildren[]): ComponentChildren {
  switch (token?.tag) {
    case 'h1':
    case 'h2':
      return <h3>{children}</h3>;
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return <h4>{children}</h4>;
    case 'ul':
      return <ul>{children}</ul>;
    case 'ol':
      return <ol start={Number(token.attrGet('start') ?? 1)}>{children}</ol>;
    case 'li':
      return <li>{children}</li>;
    case 'blockquote':
      return <blockquote>{children}</blockquote>;
    case 'strong':
      return <strong>{children}</strong>;
    case 'em':
      return <em>{children}</em>;
    case 's':
      return <s>{children}</s>;
    case 'a':
      return <SafeLink href={token.attrGet('href')}>{children}</SafeLink>;
    case 'table':
      return (
        <div class="markdown-table" tabIndex={0} role="region" aria-label="Table">
          <table>{children}</table>
        </div>
      );
    case 'thead':
      return <thead>{children}</thead>;
    case 'tbody':
      return <tbody>{children}</tbody>;
    case 'tr':
      return <tr>{children}</tr>;
    case 'th':
      return <th scope="col">{children}</th>;
    case 'td':
      return <td>{children}</td>;
    case 'p':
      return token.hidden ? children : <p>{children}</p>;
    default:
      return children;
  }
}

interface SafeLinkProps {
  readonly href: string | number | null;
  readonly children: ComponentChildren;
}

/** A link to the web or to a mailbox. Others, such as `javascript:`, stay text. */
function SafeLink({ href, children }: SafeLinkProps): VNode {
  const url = href === null ? null : URL.parse(String(href));
  if (url === null || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return <span>{children}</span>;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer">
      {children}
    </a>
  );
}
