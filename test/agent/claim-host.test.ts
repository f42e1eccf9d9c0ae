import { expect } from 'chai';
import { claimHost } from '../../src/agent/claim-host.js';

describe('claimHost', () => {
  it('refuses a second agent on the host, until the first one is gone', async () => {
    const giveUp = await claimHost();
    const thrown: unknown = await claimHost().catch((error: unknown) => error);
    expect(thrown).to.be.an('error').with.property('kind', 'Conflict');
    giveUp();
    (await claimHost())();
  });
});
