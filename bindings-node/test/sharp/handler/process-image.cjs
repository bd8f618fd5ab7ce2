// The functions of a Lambda that makes avatars, as written for sharp: only the import has changed.
const sharp = require('keenpix/sharp');

exports.processImage = async ({ image, width, height }) => {
  const processedImage = await sharp(image).resize(width, height).jpeg().toBuffer();
  return processedImage;
};

exports.handler = async ({ image }) => {
  const processedImage = await exports.processImage({ image, width: 512, height: 512 });
  return { statusCode: 200, isBase64Encoded: true, body: processedImage.toString('base64') };
};
