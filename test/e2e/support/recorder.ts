import type {Page} from '@playwright/test';

/** An event of the tag as plain data, with everything that a listener could find in it. */
export interface RecordedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

declare global {
  interface Window {
    recordedEvents: RecordedEvent[];
  }
}

/** Runs in the page before anything else of it. */
export const recordEvents = (): void => {
  const names = [
    'secure-map-ready',
    'auth-state-change',
    'auth-required',
    'token-refreshed',
    'session-expired',
    'session-ending',
    'layer-load-start',
    'layer-load-end',
    'layer-error',
    'request-blocked',
    'view-change',
    'feature-select',
    'secure-map-error',
  ];
  const inherited = new Set(Object.getOwnPropertyNames(Event.prototype));

  const plain = (value: unknown, depth: number): unknown => {
    if (typeof value === 'function') return '(function)';
    if (typeof value !== 'object' || value === null) return value;
    // The map of `secure-map-ready` is looked at through the tag; a copy of it would never end.
    if (depth === 0 || value instanceof Node || 'getLayers' in value) return '(object)';
    if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1));
    const prototype: unknown = Object.getPrototypeOf(value);
    const isError = value instanceof Error || value instanceof DOMException;
    const names = new Set([
      ...Object.getOwnPropertyNames(value),
      ...(isError ? ['name', 'message', 'stack', 'cause'] : []),
      ...(typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype
        ? Object.getOwnPropertyNames(prototype)
        : []),
    ]);
    return Object.fromEntries(
      [...names]
        .filter((name) => name !== 'constructor')
        .map((name) => [name, plain(Reflect.get(value, name), depth - 1)]),
    );
  };

  window.recordedEvents = [];
  for (const name of names) {
    document.addEventListener(name, (event) => {
      const fields = Object.getOwnPropertyNames(event).filter(
        (field) => !inherited.has(field) && field !== 'isTrusted',
      );
      window.recordedEvents.push({
        ...Object.fromEntries(fields.map((field) => [field, plain(Reflect.get(event, field), 6)])),
        type: event.type,
      });
    });
  }
};

/** The events of the tag on this page so far, of one type or all. */
export const eventsOf = (page: Page, type?: string): Promise<RecordedEvent[]> =>
  page.evaluate((wanted) => window.recordedEvents.filter((event) => !wanted || event.type === wanted), type);

/** The code and the words of a `secure-map-error`. */
export const codeOf = ({error}: RecordedEvent): string => String(Reflect.get(Object(error), 'code'));
export const wordsOf = ({error}: RecordedEvent): string => String(Reflect.get(Object(error), 'message'));
