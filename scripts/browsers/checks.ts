export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** What was measured, or what went wrong. */
  readonly told: string;
}

/** Steps that build on one another: after the first that fails, the others are not tried and count as failed. */
export const inOrder = async (
  steps: readonly (readonly [name: string, act: () => Promise<string>])[],
): Promise<Check[]> => {
  const checks: Check[] = [];
  for (const [name, act] of steps) {
    if (checks.some(({passed}) => !passed)) {
      checks.push({name, passed: false, told: 'not reached'});
      continue;
    }
    try {
      checks.push({name, passed: true, told: await act()});
    } catch (error) {
      checks.push({name, passed: false, told: error instanceof Error ? error.message : String(error)});
    }
  }
  return checks;
};
