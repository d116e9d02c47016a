/** The process of a server under test: `node serve-peer.ts <server> <directory>`, with a channel to its parent. */
import { isServerName, servers } from './peers/servers.ts';

const [name = '', directory = '.'] = process.argv.slice(2);
if (!isServerName(name)) throw new Error(`There is no server ${JSON.stringify(name)}.`);
const { default: start } = await servers[name]();
const server = await start({ directory });

process.on('message', async (asked) => {
  if (asked === 'memory') {
    globalThis.gc?.();
    globalThis.gc?.();
    process.send?.({ memory: process.memoryUsage() });
  }
  if (asked === 'stop') {
    await server.close();
    process.disconnect();
  }
});
// Without the parent there is nobody left to serve.
process.on('disconnect', () => process.exit());
process.send?.({ url: server.url });
