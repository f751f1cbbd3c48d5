import {expect} from '@open-wc/testing';

const PAGE = new URL('../../../public/callback.html', import.meta.url).pathname;

let frame: HTMLIFrameElement;

const open = async (query = ''): Promise<Location> => {
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, {once: true}));
  frame.src = PAGE + query;
  await loaded;
  if (!frame.contentWindow) throw new Error('The frame has no window.');
  return frame.contentWindow.location;
};

/** What is said on the channel of a state, and one more message after it, so that silence can be told. */
const heard = async (state: string, task: () => Promise<unknown>): Promise<readonly unknown[]> => {
  const messages: unknown[] = [];
  const channel = new BroadcastChannel(`secure-map.callback.${state}`);
  const last = new Promise<void>((resolve) =>
    channel.addEventListener('message', ({data}: MessageEvent<unknown>) => {
      if (data === 'last') resolve();
      else messages.push(data);
    }),
  );
  await task();
  const other = new BroadcastChannel(`secure-map.callback.${state}`);
  other.postMessage('last');
  await last;
  other.close();
  channel.close();
  return messages;
};

describe('the return page of a sign-in to a cookie session', () => {
  beforeEach(() => {
    frame = document.createElement('iframe');
    document.body.append(frame);
  });
  afterEach(() => {
    frame.remove();
    sessionStorage.clear();
  });

  it('reports that the popup is back, by the name that the popup was given', async () => {
    sessionStorage.setItem('secure-map.popup.session-1', '{}');
    expect(await heard('session-1', () => open())).to.deep.equal([
      {source: 'secure-map', v: 1, params: 'state=session-1'},
    ]);
    expect(sessionStorage.length).to.equal(0);
  });

  it('takes nothing from the address', async () => {
    sessionStorage.setItem('secure-map.popup.session-1', '{}');
    expect(await heard('session-2', () => open('?state=session-2'))).to.deep.equal([]);
  });

  it('leaves the popup of another kind of sign-in alone', async () => {
    sessionStorage.setItem('secure-map.popup.1', '{}');
    expect(await heard('1', () => open())).to.deep.equal([]);
    expect(sessionStorage.length).to.equal(1);
  });
});
