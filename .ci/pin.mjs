// Pins the images of the Dockerfile and the compose files: asks Docker for the digest of each tag, and writes it behind
// the tag. With --check it only lists the images without a digest, and fails if there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILES = ['Dockerfile', 'compose.yaml', 'compose.secrets.yaml'];
/** An image, without those that are built here. */
const IMAGE = /^(ARG NODE_IMAGE=| +image: )(?!rookery:)(\S+)$/gm;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const tagOf = (image) => image.split('@')[0];
const isPinned = (image) => DIGEST.test(image.split('@')[1] ?? '');

/** The digest of the tag, for all platforms that it has. */
function digestOf(image) {
  const format = ['--format', '{{.Manifest.Digest}}'];
  let digest;
  try {
    digest = execFileSync('docker', ['buildx', 'imagetools', 'inspect', image, ...format], { encoding: 'utf8' }).trim();
  } catch (failure) {
    const reason = failure.code === 'ENOENT' ? 'Install Docker with buildx.' : 'Docker has said why, above.';
    process.stderr.write(`The digest of ${image} is unknown. ${reason}\n`);
    process.exit(1);
  }
  if (!DIGEST.test(digest)) throw new Error(`Docker named no digest of ${image}: ${digest}`);
  return digest;
}

const isCheck = process.argv.includes('--check');
const digests = new Map();
let unpinned = 0;
for (const file of FILES.filter((name) => existsSync(name))) {
  const text = readFileSync(file, 'utf8');
  const images = [...text.matchAll(IMAGE)].map(([, , image]) => image).filter((image) => !isPinned(image));
  unpinned += images.length;
  if (isCheck) {
    for (const image of images) process.stderr.write(`${file}: ${image} has no digest. Write it with: npm run pin\n`);
    continue;
  }
  for (const tag of images.map(tagOf)) if (!digests.has(tag)) digests.set(tag, digestOf(tag));
  const pinned = (image) => `${tagOf(image)}@${digests.get(tagOf(image))}`;
  writeFileSync(
    file,
    text.replace(IMAGE, (line, before, image) => (isPinned(image) ? line : `${before}${pinned(image)}`)),
  );
}
for (const [tag, digest] of digests) process.stdout.write(`${tag}@${digest}\n`);
process.exitCode = isCheck && unpinned > 0 ? 1 : 0;
