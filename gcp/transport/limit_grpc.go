package transport

import (
	"context"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"whopulls/gcp/limits"
)

// limitedCodec takes the answer of one gRPC call, up to its limits. It counts what a message holds before the message is
// made: an empty entry is two bytes on the wire and a hundred in memory.
type limitedCodec struct {
	encoding.CodecV2
	budget *atomic.Int64 // of the list that this is a page of; nil: it is none
	err    error         // the library keeps only the words of a codec's error
}

func newLimitedCodec(ctx context.Context) *limitedCodec {
	return &limitedCodec{CodecV2: encoding.GetCodecV2(protocodec.Name), budget: callOptionsOf(ctx).listBudget}
}

// grpcOptions put the limits on an answer.
func (r *limitedCodec) grpcOptions() []grpc.CallOption {
	return []grpc.CallOption{grpc.MaxCallRecvMsgSize(int(limits.Body)), grpc.ForceCodecV2(r)}
}

// Unmarshal makes the message of an answer, or notes why not.
func (r *limitedCodec) Unmarshal(data mem.BufferSlice, v any) error {
	if r.err = spendBudget(r.budget, data.Len()); r.err != nil {
		return r.err
	}
	if m, ok := v.(proto.Message); ok && data.Len()/2 > limits.Entries {
		whole := data.MaterializeToBuffer(mem.DefaultBufferPool())
		defer whole.Free()
		if remainingEntries(whole.ReadOnlyData(), m.ProtoReflect().Descriptor(), limits.Entries, protowire.DefaultRecursionLimit) < 0 {
			r.err = tooManyError()
			return r.err
		}
	}
	return r.CodecV2.Unmarshal(data, v)
}

// remainingEntries counts the messages and texts in a message down from left; below 0 there are more. What can't be read, or is
// nested deeper than protobuf reads, is left to whoever makes the message.
func remainingEntries(data []byte, d protoreflect.MessageDescriptor, left, depth int) int {
	for len(data) > 0 && left >= 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return left
		}
		data = data[n:]
		field := d.Fields().ByNumber(number)
		if kind == protowire.BytesType && field != nil {
			text, n := protowire.ConsumeBytes(data)
			if n < 0 {
				return left
			}
			left--
			if field.Message() != nil && depth > 0 {
				left = remainingEntries(text, field.Message(), left, depth-1)
			}
			data = data[n:]
			continue
		}
		if n = protowire.ConsumeFieldValue(number, kind, data); n < 0 {
			return left
		}
		data = data[n:]
	}
	return left
}

// callError is the end of the call: the library tells an answer that it did not take for its size by the code of a quota that
// is used up.
func (r *limitedCodec) callError(err error) error {
	if r.err != nil {
		return r.err
	}
	if s, ok := status.FromError(err); ok && s.Code() == codes.ResourceExhausted && strings.HasPrefix(s.Message(), "grpc: ") &&
		strings.Contains(s.Message(), "larger than max") {
		return tooLargeError()
	}
	return err
}
