import type {CSSResultGroup} from 'lit';
import {controlStyles} from './controls.styles.js';
import {frameStyles} from './frame.styles.js';
import {messageStyles} from './message.styles.js';

export const styles: CSSResultGroup = [frameStyles, controlStyles, messageStyles];
