package model

// ImageOf is the image of a reference that Cloud Run or a file holds, whose text it keeps as it is. It never fails: what can't
// be parsed is of a foreign registry, and has no host.
func ImageOf(text string) Image {
	image, err := ParseImage(text)
	if err != nil {
		image = Image{Registry: ForeignRegistry, Path: text}
	}
	image.Text = text
	return image
}

// ImagesOf are the images of references, in their order.
func ImagesOf(references ...string) (images []Image) {
	for _, reference := range references {
		images = append(images, ImageOf(reference))
	}
	return images
}

// MarshalText writes the reference as it was given. This is its form in JSON.
func (i Image) MarshalText() ([]byte, error) { return []byte(i.Text), nil }

// UnmarshalText reads what MarshalText writes. It never fails, as ImageOf does not.
func (i *Image) UnmarshalText(text []byte) error {
	*i = ImageOf(string(text))
	return nil
}

// reference is the image for people: as it was given, and plain.
func (i Image) reference() string {
	if i.Host == "" {
		return i.Text
	}
	return plainReference(i.Text)
}
