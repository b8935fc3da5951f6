import { costText, numberText } from '../ui/format';

/** The usage of a day. */
export interface DayUsage {
  readonly day: string;
  readonly cost: number;
  readonly tokens: number;
  readonly runs: number;
}

/** The numbers of the charts, newest first, for those who do not see them or want them exactly. */
export function DayTable({ days }: { readonly days: readonly DayUsage[] }) {
  return (
    <details class="card days">
      <summary>Numbers of each day</summary>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Cost</th>
            <th scope="col">Tokens</th>
            <th scope="col">Runs</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, cost, tokens, runs }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{costText(cost)}</td>
              <td>{numberText(tokens)}</td>
              <td>{numberText(runs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
