//go:build unix

package cluster

// Status is the answer of `cluster status`. Running means that a process of the cluster lives; the record is there only when it is ready.
type Status struct {
	Running bool `json:"running"`
	*Record
}

// ReadStatus tells the truth about a folder: the record of a killed supervisor counts for nothing.
func ReadStatus(dir string) (*Status, error) {
	place, err := newLayout(dir, "")
	if err != nil {
		return nil, err
	}
	running, err := held(place.lock())
	if err != nil || !running {
		return &Status{}, err
	}
	record, err := readRecord(place)
	if err != nil {
		return nil, err
	}
	return &Status{Running: true, Record: record}, nil
}
