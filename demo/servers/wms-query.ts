/** The codes of the standard; some are optional there. */
export type WmsErrorCode =
  | 'InvalidFormat'
  | 'InvalidCRS'
  | 'InvalidSRS'
  | 'LayerNotDefined'
  | 'StyleNotDefined'
  | 'LayerNotQueryable'
  | 'InvalidPoint'
  | 'OperationNotSupported'
  | 'MissingParameterValue'
  | 'InvalidParameterValue';

export class WmsError extends Error {
  readonly code: WmsErrorCode;
  readonly locator: string;

  constructor(code: WmsErrorCode, locator: string, message: string) {
    super(message);
    this.code = code;
    this.locator = locator;
  }
}

/** WMS parameter names are case-insensitive. */
export class WmsQuery {
  readonly #values = new Map<string, string>();

  constructor(query: URLSearchParams) {
    for (const [name, value] of query) this.#values.set(name.toUpperCase(), value);
  }

  find(name: string): string | undefined {
    return this.#values.get(name);
  }

  get(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined || value === '') {
      throw new WmsError('MissingParameterValue', name, `Parameter ${name} is missing.`);
    }
    return value;
  }

  /** A whole number within limits. */
  size(name: string, least: number, most: number): number {
    const value = Number(this.get(name));
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new WmsError('InvalidParameterValue', name, `${name} must be a whole number from ${least} to ${most}.`);
  }

  list(name: string): readonly string[] {
    return this.get(name).split(',');
  }
}
