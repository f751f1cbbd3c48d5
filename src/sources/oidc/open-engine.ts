// What a sign-in needs beside the window, which opens in the click: one chunk, loaded when somebody signs in or renews.
export {endProviderSession} from '../window/logout.js';
export {superviseSignIn} from '../window/popup-sign-in.js';
export {asStorageError, leave, redirectStorage, rememberPath} from '../window/redirect.js';
export {Engine} from './engine.js';
export {memoryStates, sessionStates} from './state-store.js';
