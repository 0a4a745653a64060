package transport

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// A message that is nested without end is counted as deep as protobuf reads it, in memory that this bounds.
func TestNestingIsCountedSoDeep(t *testing.T) {
	var text []byte
	for range 30_000 { // a list in a value in a list
		text = append(protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.BytesType), uint64(len(text))), text...)
		text = append(protowire.AppendVarint(protowire.AppendTag(nil, 6, protowire.BytesType), uint64(len(text))), text...)
	}
	value := &structpb.Value{}
	if left := remainingEntries(text, value.ProtoReflect().Descriptor(), 100_000, protowire.DefaultRecursionLimit); left != 100_000-protowire.DefaultRecursionLimit-1 {
		t.Errorf("%d entries are counted", 100_000-left)
	}
	if err := proto.Unmarshal(text, value); err == nil {
		t.Error("it was read")
	}
}
