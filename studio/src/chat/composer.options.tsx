import { CodeField, TextField } from '../ui/fields';
import type { OptionTexts } from './request.options';

interface ComposerOptionsProps {
  readonly texts: OptionTexts;
  readonly onChange: (texts: OptionTexts) => void;
}

/** The parts of a request besides its message. */
export function ComposerOptions({ texts, onChange }: ComposerOptionsProps) {
  const set = (name: keyof OptionTexts) => (text: string) => onChange({ ...texts, [name]: text });
  const isChanged = Object.values(texts).some((text: string) => text.trim() !== '');
  return (
    <details class="composer-options">
      <summary>Options{isChanged ? ' (changed)' : ''}</summary>
      <div class="composer-fields">
        <TextField
          label="Temperature"
          hint="0 to 2; empty: that of the agent"
          type="number"
          min={0}
          max={2}
          step={0.1}
          value={texts.temperature}
          onChange={set('temperature')}
        />
        <CodeField
          label="JSON Schema of the answer"
          hint="Of type object; empty: free text"
          placeholder={'{"type": "object", "properties": {"city": {"type": "string"}}}'}
          value={texts.schema}
          onChange={set('schema')}
        />
        <CodeField
          label="Tools that you execute"
          hint="A list; the agent calls them, and you write the results"
          placeholder={'[{"name": "get_weather", "description": "…", "parameters": {"type": "object"}}]'}
          value={texts.tools}
          onChange={set('tools')}
        />
      </div>
    </details>
  );
}
