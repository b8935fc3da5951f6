import { CopyButton } from '../ui/parts';

interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
}

/** Code with its language and a button that copies it. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const text = code.replace(/\n$/, '');
  return (
    <figure class="code">
      <figcaption>
        <span>{language === '' ? 'text' : language}</span>
        <CopyButton text={text} label="Copy the code" />
      </figcaption>
      <pre tabIndex={0} role="region" aria-label={language === '' ? 'Code' : `Code in ${language}`}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
