import type {
  AcquireRequest,
  Credential,
  CredentialSource,
  EndRequest,
  SignInRequest,
} from '../../src/credentials/credential.js';
import {START} from './test-environment.js';

export interface CredentialFields {
  readonly lifetime?: number | undefined;
  readonly now?: number | undefined;
  readonly sub?: string | undefined;
}

/** A credential; `lifetime` in milliseconds. */
export const aCredential = (token: string, {lifetime, now = START, sub}: CredentialFields = {}): Credential => ({
  token,
  type: 'Bearer',
  receivedAt: now,
  expiresAt: lifetime === undefined ? undefined : now + lifetime,
  user: sub === undefined ? undefined : {sub},
});

type Answer = Credential | Promise<Credential> | Error;

const give = async (answer: Answer): Promise<Credential> => {
  if (answer instanceof Error) throw answer;
  return answer;
};

export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A source that answers by script, and keeps what it was asked. */
export class ScriptedSource implements CredentialSource {
  readonly asked: AcquireRequest[] = [];
  answer: (request: AcquireRequest, count: number) => Answer;

  constructor(answer: (request: AcquireRequest, count: number) => Answer) {
    this.answer = answer;
  }

  acquire(request: AcquireRequest): Promise<Credential> {
    this.asked.push(request);
    return give(this.answer(request, this.asked.length));
  }

  get reasons(): string[] {
    return this.asked.map(({reason}) => reason);
  }
}

/** One that the visitor can sign in to. */
export class ScriptedSignIn extends ScriptedSource {
  readonly signIns: SignInRequest[] = [];
  readonly ends: EndRequest[] = [];
  onSignIn: (request: SignInRequest) => Answer = () => aCredential('signed-in');
  onEnd: (request: EndRequest) => Promise<void> = () => Promise.resolve();

  signIn(request: SignInRequest): Promise<Credential> {
    this.signIns.push(request);
    return give(this.onSignIn(request));
  }

  end(request: EndRequest): Promise<void> {
    this.ends.push(request);
    return this.onEnd(request);
  }
}
