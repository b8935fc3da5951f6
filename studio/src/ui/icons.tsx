const PATHS = {
  chat: 'M4 5h16v11H9l-5 4z',
  runs: 'M4 6h10M4 12h16M4 18h7',
  approvals: 'M5 12l4.5 4.5L19 7',
  sessions: 'M4 6h16v12H4zM4 10h16',
  usage: 'M5 20V11M12 20V4M19 20v-6',
  operate: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  send: 'M5 12h13M13 6l6 6-6 6',
  stop: 'M7 7h10v10H7z',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  tool: 'M14 7a4 4 0 0 1 5-1l-3 3 1 1 3-3a4 4 0 0 1-5 5l-7 7-2-2 7-7a4 4 0 0 1 1-3z',
  image: 'M4 5h16v14H4zM4 16l5-5 5 5 3-3 3 3',
  handoff: 'M4 12h14M13 7l5 5-5 5',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM13 8l3 3',
  fork: 'M7 4v16M7 13h6a4 4 0 0 0 4-4V5',
  retry: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  menu: 'M4 7h16M4 12h16M4 17h16',
} as const;

/** An icon beside a text, so screen readers skip it. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
