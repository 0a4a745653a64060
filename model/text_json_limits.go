package model

import "fmt"

// maxJSONDepth is how deep a JSON file may nest. None that this program or Terraform writes comes near.
const maxJSONDepth = 1000

// CheckJSONLimits refuses a document that is nested too deep or has too many values, before it is decoded. An
// empty object takes three bytes of a file and a hundred of memory. Whether it is JSON at all is left to the
// decoder.
func CheckJSONLimits(document []byte, maxValues int) error {
	depth, values, quoted := 0, 0, false
	for i := 0; i < len(document); i++ {
		c := document[i]
		switch {
		case quoted:
			switch c {
			case '\\':
				i++
			case '"':
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
			values++
		case c == '}' || c == ']':
			depth--
		case c == ',':
			values++
		}
		if depth > maxJSONDepth {
			return fmt.Errorf("it is nested deeper than %d", maxJSONDepth)
		}
		if values > maxValues {
			return fmt.Errorf("it holds more than %d values", maxValues)
		}
	}
	return nil
}
