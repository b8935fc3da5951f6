// Pins the images of the Dockerfile and the compose files: asks Docker for the digest of each tag, and writes it behind
// the tag. With --check it only lists the images without a digest, and fails if there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILES = ['Dockerfile', 'compose.yaml', 'compose.secrets.yaml'];
/** An image with its tag, without those that are built here. */
const IMAGE = /^(ARG NODE_IMAGE=| +image: )([a-z0-9./-]+:[\w.-]+)$/gm;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest of the tag, for all platforms that it has. */
function digestOf(image) {
  const format = ['--format', '{{.Manifest.Digest}}'];
  const digest = execFileSync('docker', ['buildx', 'imagetools', 'inspect', image, ...format], { encoding: 'utf8' });
  if (!DIGEST.test(digest.trim())) throw new Error(`Docker named no digest of ${image}: ${digest}`);
  return digest.trim();
}

const isCheck = process.argv.includes('--check');
const digests = new Map();
let unpinned = 0;
for (const file of FILES.filter((name) => existsSync(name))) {
  const text = readFileSync(file, 'utf8');
  const images = [...text.matchAll(IMAGE)].map(([, , image]) => image);
  unpinned += images.length;
  if (isCheck) {
    for (const image of images) process.stderr.write(`${file}: ${image} has no digest\n`);
    continue;
  }
  for (const image of images) if (!digests.has(image)) digests.set(image, digestOf(image));
  writeFileSync(
    file,
    text.replace(IMAGE, (_, before, image) => `${before}${image}@${digests.get(image)}`),
  );
}
for (const [image, digest] of digests) process.stdout.write(`${image}@${digest}\n`);
process.exitCode = isCheck && unpinned > 0 ? 1 : 0;
