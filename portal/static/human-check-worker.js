// Finds the number whose hash with the salt is the challenge (altcha, version 1); null where there is none.
self.onmessage = async ({ data: { algorithm, challenge, salt, maxNumber } }) => {
  const encoder = new TextEncoder();
  const wanted = Uint8Array.from(challenge.match(/../g), (pair) => parseInt(pair, 16));
  for (let number = 0; number <= maxNumber; number += 1) {
    const hash = new Uint8Array(await crypto.subtle.digest(algorithm, encoder.encode(salt + number)));
    if (hash.every((byte, index) => byte === wanted[index])) return self.postMessage(number);
  }
  return self.postMessage(null);
};
