// class-transformer looks types up through it, so it comes before any decorator of the model.
import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';

/** A property whose text a unit's own parser reads; an absent one stays absent. */
export function Parsed(parse: (text: string) => unknown): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parse(value) : value), {
    toClassOnly: true,
  });
}

/** A property that is a list of texts, each of which a unit's own parser reads. */
export function ParsedEach(parse: (text: string) => unknown): PropertyDecorator {
  return Transform(
    ({ value }: { value: unknown }) =>
      Array.isArray(value)
        ? value.map((item: unknown) => (typeof item === 'string' ? parse(item) : item))
        : value,
    { toClassOnly: true },
  );
}

/** A property that is an object of the model, or a list of such objects. */
export function Contains(type: () => new () => object): PropertyDecorator {
  return Type(type);
}
