/** One tab or window. Coordinates are those of its viewport. */
export interface Tab {
  open(url: string): Promise<void>;
  url(): Promise<string>;
  /** The value of a JavaScript expression in the page, as JSON has it. */
  evaluate(expression: string): Promise<unknown>;
  /** A real press of the button, which may open a window. */
  press(x: number, y: number): Promise<void>;
  /** Real keys, to whatever has the focus. */
  type(text: string): Promise<void>;
  /** As the visitor closes it. */
  close(): Promise<void>;
}

/** A running browser with a profile of its own, which starts empty and is gone with it. */
export interface RunningBrowser {
  readonly version: string;
  /** In the order in which they were opened. */
  tabs(): Promise<readonly Tab[]>;
  close(): Promise<void>;
}

export type Start = (options: StartOptions) => Promise<RunningBrowser>;

export interface StartOptions {
  /** Windows open without a press of a button, too: a unit test has nobody to press one. */
  readonly popups: boolean;
}

/** A browser that is there, one that this machine does not have, or one that it should have been given. */
export type Found =
  | {readonly kind: 'here'; start: Start}
  | {readonly kind: 'absent'; readonly why: string}
  | {readonly kind: 'broken'; readonly why: string};

export interface BrowserKind {
  readonly name: string;
  /** Looks for it, and installs it where that is possible. */
  find(): Found;
}
