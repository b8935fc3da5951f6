/** The share of a limit from which its bar warns. */
const WARNING = 0.8;

interface LimitBarProps {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  /** The same numbers as a text. */
  readonly text: string;
}

/** How much of a limit is used. */
export function LimitBar({ name, used, limit, text }: LimitBarProps) {
  return (
    <li>
      <span class="budget-name">{name}</span>
      <meter class="budget" min={0} max={limit} high={limit * WARNING} value={used} aria-label={name} />
      <span class="number">{text}</span>
    </li>
  );
}
