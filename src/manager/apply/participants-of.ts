import type { EnvironmentComponent } from '../components/environment-component.js';
import type { HostComponent } from '../components/host-component.js';
import type { AgentSession } from '../snmp/agent-session.js';
import type { ApplyListener, HostListener } from './apply-listener.js';
import { Participant } from './participant.js';

/** The hosts of an environment, with their sessions in the same order. */
export function participantsOf(
  environment: EnvironmentComponent,
  sessions: readonly AgentSession[],
  onStep: ApplyListener,
): Participant<HostComponent>[] {
  return environment.hosts.flatMap((host, i) => {
    const session = sessions[i];
    const step: HostListener = (name, progress) => onStep(host.path, name, progress);
    return session === undefined ? [] : [new Participant(host, session, step)];
  });
}
