export type {Authorize, CredentialHandler, CredentialWish, Handler, ServerCredential} from './handler.js';
