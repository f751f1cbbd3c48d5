import {test as base} from '../e2e/fixtures.js';
import {startSite} from '../e2e/support/site.js';
import {liveInThreeTabs} from './support/tabs.js';

const MINUTES = 10;

base(
  `#34 ${MINUTES} minutes of 10-second tokens in three tabs: no tile refused, no grant revoked`,
  async ({context}) => {
    const site = await startSite({accessTokenSeconds: 10});
    try {
      await liveInThreeTabs(context, site, MINUTES * 60);
    } finally {
      await site.stop();
    }
  },
);
