import {expect as base} from '@playwright/test';

/** Patient enough for a machine that does other things, too. What passes does not wait for it. */
export const expect = base.configure({timeout: 15_000});
