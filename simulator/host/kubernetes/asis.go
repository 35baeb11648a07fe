package kubernetes

import (
	"fmt"

	"google.golang.org/grpc/mem"
)

// message is a request or response that nobody has read.
type message struct{ content []byte }

// asIs is the codec of messages that are handed on as they came.
type asIs struct{}

// Name is that of the codec whose messages they are, as it is part of what the two sides agree on.
func (asIs) Name() string { return "proto" }

// Marshal gives what the message holds.
func (asIs) Marshal(value any) (mem.BufferSlice, error) {
	sent, known := value.(*message)
	if !known {
		return nil, fmt.Errorf("handing on: %T is no message", value)
	}
	return mem.BufferSlice{mem.SliceBuffer(sent.content)}, nil
}

// Unmarshal keeps what came.
func (asIs) Unmarshal(data mem.BufferSlice, value any) error {
	received, known := value.(*message)
	if !known {
		return fmt.Errorf("handing on: %T is no message", value)
	}
	received.content = data.Materialize()
	return nil
}
