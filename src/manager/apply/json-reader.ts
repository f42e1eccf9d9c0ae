import { NetmgrError } from '../../errors.js';

/** Reads values of files that this program has written, and anybody may have changed since. */
export class JsonReader {
  /** @param whatItIsNot the message where the file is something else */
  constructor(private readonly whatItIsNot: string) {}

  record(json: unknown): Readonly<Record<string, unknown>> {
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
    throw this.unreadable();
  }

  list(json: unknown): readonly unknown[] {
    if (Array.isArray(json)) return json as unknown[];
    throw this.unreadable();
  }

  text(json: unknown): string {
    if (typeof json === 'string') return json;
    throw this.unreadable();
  }

  number(json: unknown): number {
    if (typeof json === 'number') return json;
    throw this.unreadable();
  }

  truth(json: unknown): boolean {
    if (typeof json === 'boolean') return json;
    throw this.unreadable();
  }

  /** A SHA-256 digest in hexadecimal digits. */
  digest(json: unknown): Buffer {
    const text = this.text(json);
    if (!/^[0-9a-f]{64}$/.test(text)) throw this.unreadable();
    return Buffer.from(text, 'hex');
  }

  unreadable(): NetmgrError {
    return new NetmgrError({ kind: 'InvalidInput', message: this.whatItIsNot });
  }
}
