// What many people write: read, resize with sharp, write. No events out of order, no conditions, no retries, no checks.
const { GetObjectCommand, PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const sharp = require(process.env.SHARP);

const s3 = new S3Client({ forcePathStyle: true });
const { DEST_BUCKET_NAME: Bucket } = process.env;
const widths = process.env.WIDTHS.split(',').map(Number);

exports.handler = async ({ Records }) => {
  for (const { s3: source } of Records) {
    const Key = decodeURIComponent(source.object.key.replaceAll('+', ' '));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: source.bucket.name, Key }));
    const photo = sharp(await Body.transformToByteArray()).rotate();
    const name = Key.replace(/\.[^.]*$/, '');
    const files = await Promise.all(
      widths.map(async (width) => {
        const body = await photo
          .clone()
          .resize(width, width)
          .flatten({ background: '#fff' })
          .jpeg({ quality: 80 })
          .toBuffer();
        const key = `avatars/${name}-${width}.jpg`;
        await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ContentType: 'image/jpeg' }));
        return { key, width, height: width, bytes: body.length };
      }),
    );
    const status = { Bucket, Key: `avatars/${name}.json`, ContentType: 'application/json' };
    await s3.send(new PutObjectCommand({ ...status, Body: JSON.stringify({ state: 'ready', files }) }));
  }
};
