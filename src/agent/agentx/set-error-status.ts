/**
 * Why a SET is refused, with the numbers of RFC 3416 section 3; RFC 2741 section 7.2.4.1 uses the same.
 * commitFailed and undoFailed are the session's own to say.
 */
export const SET_ERROR_STATUS = {
  genErr: 5,
  noAccess: 6,
  wrongType: 7,
  wrongLength: 8,
  wrongEncoding: 9,
  wrongValue: 10,
  noCreation: 11,
  inconsistentValue: 12,
  resourceUnavailable: 13,
  authorizationError: 16,
  notWritable: 17,
  inconsistentName: 18,
} as const;

export type SetErrorStatus = keyof typeof SET_ERROR_STATUS;
