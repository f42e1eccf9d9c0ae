/** What a decision about an environment of that name is, in words. */
export function whatWasDecided(environment: string): string {
  return environment === '' ? 'to remove everything' : `to apply ${environment}`;
}
