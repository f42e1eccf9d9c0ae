import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { isNews } from '../../../../src/agent/machines/container/events.js';
import { parseLxcList } from '../../../../src/agent/machines/container/lxc-engine.js';
import { parseNamespaceIds } from '../../../../src/agent/machines/container/net-namespaces.js';
import { parseInspect } from '../../../../src/agent/machines/container/parse-inspect.js';

/** Of Podman 4.3.1, without what is of no use here. */
const PODMAN = readFileSync(new URL('podman-inspect.json', import.meta.url), 'utf8');
const ID = '4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2';

/** As in the reference of Docker's Engine API 1.50, ContainerInspect. */
const docker = (state: object = {}): object => ({
  Id: ID,
  Created: '2025-02-17T17:43:39.64001363Z',
  State: {
    ...{ Status: 'running', Running: true, Paused: false, Restarting: false, OOMKilled: false, Dead: false },
    ...{ Pid: 1234, ExitCode: 0, Error: '', StartedAt: '2025-01-06T09:06:59.461876391Z', ...state },
  },
  Name: '/lab-web-1',
  RestartCount: 0,
  Driver: 'overlay2',
  HostConfig: {
    ...{ NetworkMode: 'lab_default', RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 } },
    ...{ AutoRemove: false, Memory: 134217728, NanoCpus: 0, CpuPeriod: 100000, CpuQuota: 150000 },
  },
  Config: { Hostname: '4fa6e0f0c678', Labels: { 'com.docker.compose.service': 'web' } },
  NetworkSettings: { Networks: { lab_default: { MacAddress: '02:42:ac:12:00:02' } } },
});

describe('what engines print of their containers', () => {
  it('is read of Podman, also of those that are paused or share a network', () => {
    const [web, shared, hosty, nonet] = parseInspect(PODMAN);
    expect(web).to.deep.equal({
      name: 'web',
      ids: ['de72c36e04e76cb041fd200444bdd5f27d126a001e307669b11c2aedc3a81932', 'de72c36e04e7'],
      ...{ pid: 3236, isPaused: true, network: 'bridge', memory: 67108864, processors: 0.5 },
      ...{ isRestarted: false, isTransient: false },
    });
    expect(shared).to.include({ name: 'shared', isPaused: false, memory: 0, processors: 0 });
    expect(shared?.network).to.equal(`container:${web?.ids[0] ?? ''}`);
    expect([hosty?.network, nonet?.network]).to.deep.equal(['host', 'none']);
  });

  it('is read of Docker', () => {
    expect(parseInspect(JSON.stringify([docker()]))).to.deep.equal([
      {
        ...{ name: 'lab-web-1', ids: [ID, '4fa6e0f0c678'], pid: 1234, isPaused: false },
        ...{
          network: 'lab_default',
          memory: 134217728,
          processors: 1.5,
          isRestarted: true,
          isTransient: false,
        },
      },
    ]);
  });

  it('is left out where it cannot be a container that runs', () => {
    const odd = [
      ...[{ Pid: 0 }, { Pid: -1 }, { Pid: '1234' }, { Pid: 1.5 }, { Pid: null }].map(docker),
      ...['', '/', '/-all', '/a b', '/../x', '/a\nb', `/${'x'.repeat(256)}`, 7].map((Name) => ({
        ...docker(),
        Name,
      })),
      ...['', '4fa6e0f0c678', ID.toUpperCase(), `${ID}/`].map((Id) => ({ ...docker(), Id })),
      ...[7, null, 'x', [], {}],
    ];
    expect(parseInspect(JSON.stringify(odd))).to.deep.equal([]);
    expect(parseInspect('{}')).to.deep.equal([]);
    expect(() => parseInspect('Cannot connect')).to.throw(SyntaxError);
  });

  it('is read of LXC', () => {
    const table =
      'NAME    STATE    PID  \nc1      RUNNING 6152 \nfrozen  FROZEN  71 \ndown STOPPED -\n-x RUNNING 9\nx RUNNING 0\n';
    expect(parseLxcList(table).map(({ name, pid, isPaused }) => [name, pid, isPaused])).to.deep.equal([
      ['c1', 6152, false],
      ['frozen', 71, true],
    ]);
    expect(parseLxcList('')).to.deep.equal([]);
  });

  it('is news where containers come, go or change, and not where something runs inside', () => {
    for (const line of [
      '{"ID":"de72","Name":"web","Status":"start","Time":"2026-11-28T17:25:41.262887421Z","Type":"container","Attributes":{"a":"b"}}',
      '{"ContainerExitCode":137,"ID":"de72","Name":"web","Status":"died","Type":"container","Attributes":{}}',
      '{"status":"die","id":"4fa6","from":"alpine","Type":"container","Action":"die","Actor":{"ID":"4fa6"}}',
      '{"Type":"network","Action":"disconnect","Actor":{"ID":"e2d1"}}',
    ]) {
      expect(isNews(line), line).to.equal(true);
    }
    for (const line of [
      ...[
        '{"ID":"de72","Status":"exec","Type":"container"}',
        '{"Action":"exec_create: sh"}',
        '',
        '[]',
        '{"Action":7}',
        '{',
      ],
      '{"Action":"health_status: healthy","Type":"container"}',
    ]) {
      expect(isNews(line), line).to.equal(false);
    }
  });

  it('are numbers of namespaces where interfaces lead there', () => {
    const printed = {
      namespaces: [
        { ns: 4026531833, netnsid: 'unassigned' },
        { ns: 4026532323, netnsid: '0' },
      ],
    };
    expect([...parseNamespaceIds(JSON.stringify(printed))]).to.deep.equal([[0, 4026532323]]);
    expect([...parseNamespaceIds('')]).to.deep.equal([]);
    expect([...parseNamespaceIds('{"namespaces":7}')]).to.deep.equal([]);
  });
});
