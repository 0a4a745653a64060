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

// limitedCodec decodes the answer of one gRPC call up to its limits. It counts the entries before it decodes: an empty one
// takes two bytes on the wire and a hundred in memory.
type limitedCodec struct {
	encoding.CodecV2
	budget *atomic.Int64 // the bytes left for the list; nil: this is not a page
	err    error         // gRPC keeps only the text of a codec's error
}

func newLimitedCodec(ctx context.Context) *limitedCodec {
	return &limitedCodec{CodecV2: encoding.GetCodecV2(protocodec.Name), budget: callOptionsOf(ctx).listBudget}
}

// grpcOptions put the limits on an answer.
func (r *limitedCodec) grpcOptions() []grpc.CallOption {
	return []grpc.CallOption{grpc.MaxCallRecvMsgSize(int(limits.Body)), grpc.ForceCodecV2(r)}
}

// Unmarshal decodes an answer within the limits.
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

// remainingEntries subtracts the messages and strings in a message from left. It is below 0 if there are more. It stops at
// data that it can't parse or that is nested deeper than protobuf allows: decoding will refuse those.
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

// callError returns the error of the call. For an answer that is too large, gRPC uses the code of a used-up quota; this
// tells the two apart.
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
