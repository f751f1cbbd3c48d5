type Answer = Pick<Response, 'headers'>;

const typeOf = ({headers}: Answer): string => headers.get('content-type') ?? '';

/** A page, which neither a credential nor a part of a map ever is. */
export const isHtml = (answer: Answer): boolean => /\bx?html\b/i.test(typeOf(answer));

/** What map services explain a refusal with; OGC's older ones have a type of their own. */
export const isExplanation = (answer: Answer): boolean =>
  /^(application|text)\/([\w.+-]+[+_])?(json|xml)\b/i.test(typeOf(answer));

/** Images and tiles carry no headers back; documents may, such as a page for debugging or a list of addresses. */
export const isText = (answer: Answer): boolean => /^$|^text\/|json|xml|script/i.test(typeOf(answer));
