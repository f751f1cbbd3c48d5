import type {SessionEvent} from '../credentials/session-event.js';
import * as events from './events.js';

/** What the page hears of its session. None of it holds a token. */
export const tellPage = (element: EventTarget, event: SessionEvent): void => {
  switch (event.type) {
    case 'state':
      element.dispatchEvent(new events.AuthStateChangeEvent(event.state, event.previous, event.reason));
      break;
    case 'granted':
      if (event.renewed) element.dispatchEvent(new events.TokenRefreshedEvent(event.expiresAt));
      break;
    case 'over':
      element.dispatchEvent(new events.SessionExpiredEvent(event.reason));
      break;
    case 'error':
      element.dispatchEvent(new events.SecureMapErrorEvent(event.error));
      break;
    case 'ending':
      element.dispatchEvent(new events.SessionEndingEvent(event.endsAt));
      break;
    case 'required':
    case 'leaving':
      break;
  }
};
