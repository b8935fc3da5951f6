import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Empty, Failure, FailureNote, Loading } from '../ui/feedback';
import { Facts, Time } from '../ui/parts';

const SOURCES = {
  none: 'none: each agent answers as coded',
  folder: 'the file of flags in the folder of the releases',
  flagd: 'a flagd service',
  provider: 'a provider of the application',
} as const;

/** The releases that agents may answer with, and the flags that choose among them. */
export function ReleasesPanel() {
  const client = useClient();
  const releases = useResource((signal) => client.releases.list({ signal }), 'releases', 10_000);
  const { value } = releases;
  if (value === undefined && releases.failure === undefined) return <Loading what="the releases" />;
  return (
    <>
      <Failure failure={releases.failure} onRetry={releases.reload} />
      {value !== undefined && (
        <>
          <section class="card pad-card" aria-label="Flags">
            <Facts
              facts={[
                ['Flags', SOURCES[value.flags]],
                ['Accepted', value.taken_at === undefined ? undefined : <Time key="taken" at={value.taken_at} />],
                ['Releases', String(value.items.length)],
              ]}
            />
          </section>
          {value.refused !== undefined && (
            <FailureNote
              text={{ sentence: `The last change of the folder was refused: ${value.refused}`, fields: [] }}
            />
          )}
          {value.items.length === 0 && (
            <Empty title="No releases">
              A release is a file with the instructions, model and limits of an agent. Set <code>RELEASES_DIR</code>.
              Flags then choose the share of callers that gets each.
            </Empty>
          )}
          {value.items.map(({ name, role, description, model, temperature, max_turns, instructions, share }) => (
            <section key={`${role} ${name}`} class="card pad-card release" aria-label={name}>
              <h2>
                {name} <span class="muted">of {role}</span>
              </h2>
              {description !== undefined && <p>{description}</p>}
              <Facts
                facts={[
                  ['New sessions', value.flags === 'none' ? undefined : shareText(share)],
                  ['Model', model],
                  ['Temperature', temperature?.toString()],
                  ['Turns', max_turns?.toString()],
                ]}
              />
              {instructions !== undefined && (
                <details>
                  <summary>Instructions</summary>
                  <p class="pre">{instructions}</p>
                </details>
              )}
            </section>
          ))}
        </>
      )}
    </>
  );
}

function shareText(share: number | undefined): string {
  return share === undefined ? 'by the rules of the flags' : `${Math.round(share * 1000) / 10} %`;
}
