import {channelName, createMessage, only} from './message.js';
import type {Page} from './page.js';

const isWindow = (value: unknown): value is Pick<Window, 'postMessage'> =>
  typeof value === 'object' && value !== null && 'postMessage' in value;

/**
 * What the static return page does, for a whole page that serves as redirect-uri and finds itself in the popup: tells
 * the page that opened it, both ways, and closes.
 */
export const handOver = (page: Page, params: URLSearchParams): void => {
  const message = createMessage(params);
  if (isWindow(page.opener)) page.opener.postMessage(message, page.location.origin);
  const channel = new BroadcastChannel(channelName(only(params, 'state') ?? ''));
  channel.postMessage(message);
  channel.close();
  page.close();
};
