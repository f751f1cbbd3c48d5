/** `auto`: used when the provider advertises it. */
export const dpopModes = ['auto', 'off', 'required'] as const;
export type DpopMode = (typeof dpopModes)[number];
