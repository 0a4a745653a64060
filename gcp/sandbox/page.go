package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// page cuts one page out of a list. scope names the list (method, parent,
// filter): a token only goes on with the list that it came from.
func page[T any](items []T, size int32, token, scope string, most int32) (part []T, next string, err error) {
	if size < 0 {
		return nil, "", invalid("Page size %d must not be negative.", size)
	}
	if size == 0 || size > most {
		size = most
	}
	start := 0
	if token != "" {
		if start, err = readToken(token, scope); err != nil {
			return nil, "", err
		}
	}
	start = min(start, len(items))
	end := min(start+int(size), len(items))
	if end < len(items) {
		next = makeToken(end, scope)
	}
	return items[start:end], next, nil
}

// A token holds a checksum of its scope and the offset to go on from.
func makeToken(offset int, scope string) string {
	sum := sha256.Sum256([]byte(scope))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(sum[:8:8], uint32(offset)))
}

func readToken(token, scope string) (int, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil && len(raw) == 12 {
		if offset := int(binary.BigEndian.Uint32(raw[8:])); makeToken(offset, scope) == token {
			return offset, nil
		}
	}
	return 0, invalid("Page token is not valid for this request.")
}
