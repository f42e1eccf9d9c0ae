/** Of what `netmgr verify --json` says. */
export interface Report {
  readonly holds: boolean;
  readonly hosts: readonly {
    readonly host: string;
    readonly drift: readonly { readonly text: string }[];
    readonly errors: readonly { readonly message: string }[];
  }[];
  readonly reach: {
    readonly findings: readonly { readonly from: string; readonly to: string; readonly failure?: string }[];
  };
  readonly measurements: readonly {
    readonly quantity: string;
    readonly from: string;
    readonly to: string;
    readonly verdict: string;
  }[];
}

/** The machine of a node `site/machine`. */
export const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

/** `pa > pb` */
export const wayOf = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `${nameOf(from)} > ${nameOf(to)}`;
