/** Groups steps by interface, because one command can do all steps on one interface. */
export function byInterface<Step extends { readonly interface: string }>(
  steps: readonly Step[],
): Map<string, Step[]> {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const own = groups.get(step.interface);
    if (own === undefined) groups.set(step.interface, [step]);
    else own.push(step);
  }
  return groups;
}
