/** Gives ids: the name that the service has for a layer, told apart where it has the same one twice. */
export const uniqueIds = (): ((name: string) => string) => {
  const taken = new Set<string>();
  return (name) => {
    let id = name;
    for (let number = 2; taken.has(id); number += 1) id = `${name}-${number}`;
    taken.add(id);
    return id;
  };
};
