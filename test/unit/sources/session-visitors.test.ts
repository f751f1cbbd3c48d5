import {expect} from '@open-wc/testing';
import {expectError, rejection} from '../../doubles/rejection.js';
import {offline} from '../../doubles/scripted-fetch.js';
import {minutes, setUp, type Setup} from './session-setup.js';

describe('another visitor of the back end', () => {
  const anna = {authenticated: true, user: {sub: 'anna'}};
  const ben = {authenticated: true, user: {sub: 'ben'}};
  const noticed: Readonly<Record<string, (setup: Setup) => Promise<unknown>>> = {
    'a renewal': ({session}) => session.refresh(),
    'a look at the page': ({environment}) => environment.wake(),
    'a refusal': async ({session}) => rejection(session.replace(await session.credential())),
    'the keeping alive': ({environment}) => environment.act(),
  };
  for (const [by, notice] of Object.entries(noticed)) {
    for (const [what, lifetime] of [
      ['a lifetime', {expiresIn: 1_800}],
      ['no word on an end', {}],
    ] as const) {
      // Without an end there is nothing to keep alive.
      if (by === 'the keeping alive' && what !== 'a lifetime') continue;
      it(`is noticed by ${by}, with ${what}: nothing of the first may stay`, async () => {
        const setup = setUp();
        const {session, says, environment, told} = setup;
        says({...anna, ...lifetime});
        const ofAnna = await session.credential();
        const {era} = session;
        await environment.pass(minutes(15));
        says({...ben, ...lifetime});
        await notice(setup);
        for (let turn = 0; turn < 5; turn += 1) await environment.pass(0);
        expect(session.user).to.deep.equal({sub: 'ben'});
        expect(session.state).to.equal('authenticated');
        expect(session.era).not.to.equal(era);
        expect(told('granted').at(-1)).to.include({renewed: true, sameUser: false});
        // What was asked for Anna is not asked again for Ben.
        expectError(await rejection(session.credential({after: ofAnna})), 'login-required');
      });
    }
  }

  it('is not looked for more than every few seconds, and one who stays is not told of', async () => {
    const {session, says, environment, asked, events} = setUp();
    says(anna);
    await session.credential();
    await environment.pass(minutes(1));
    const count = events.length;
    for (let turn = 0; turn < 20; turn += 1) await environment.wake();
    await environment.pass(0);
    expect(asked()).to.have.length(2);
    expect(events).to.have.length(count);
  });

  it('is not made up when the network is not back yet', async () => {
    const {session, says, environment, network, events} = setUp();
    says(anna);
    await session.credential();
    await environment.pass(minutes(1));
    const count = events.length;
    network.step = offline;
    await environment.wake();
    await environment.pass(0);
    expect(events).to.have.length(count);
    expect(session.state).to.equal('authenticated');
  });

  it('or nobody any more: the session is over', async () => {
    const {session, says, environment} = setUp();
    says(anna);
    await session.credential();
    await environment.pass(minutes(1));
    says(undefined);
    await environment.wake();
    for (let turn = 0; turn < 5; turn += 1) await environment.pass(0);
    expect(session.state).to.equal('expired');
  });
});
