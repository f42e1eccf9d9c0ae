/** The attribute of a property of the model: `loss-correlation` of `lossCorrelation`. */
export function attributeOf(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The reverse of {@link attributeOf}. */
export function propertyOf(attribute: string): string {
  return attribute.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}
