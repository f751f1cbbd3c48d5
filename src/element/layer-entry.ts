import type {SecureMapError} from '../credentials/errors.js';
import type {RequestError} from '../request/request-error.js';

/** A layer as the shell shows it. */
export interface LayerEntry {
  readonly id: string;
  readonly title: string;
  /** How many groups it is in. */
  readonly depth: number;
  readonly isGroup: boolean;
  /** The title that the config lists it under. */
  readonly group: string | undefined;
  readonly attribution: string | undefined;
  readonly isVisible: boolean;
  readonly isLoading: boolean;
  /** What went wrong last; gone when the layer has loaded without fault again. */
  readonly error: RequestError | SecureMapError | undefined;
}
