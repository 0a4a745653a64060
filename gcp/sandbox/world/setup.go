package world

import (
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
)

// setUp makes the state that requests change: every resource's policy, the enabled APIs and the service
// agents. Then it finds out how each workload's last deploy ended.
func (w *World) setUp() {
	w.policies = map[string]*storedPolicy{}
	w.enabledAPIs = map[string]map[string]bool{}
	w.agents = map[string]bool{}
	w.workloads = map[string][]*Workload{}
	w.workloadsByName = map[string]*Workload{}
	if w.Organization != nil {
		w.policies[fullNodeName(w.Organization.Name())] = &storedPolicy{policy: w.Organization.Policy.toProto()}
	}
	for _, f := range w.Folders {
		w.policies[fullNodeName(f.Name())] = &storedPolicy{policy: f.Policy.toProto()}
	}
	for _, p := range w.Projects {
		w.setUpProject(p)
	}
	for _, p := range w.Projects {
		for _, l := range p.Workloads {
			l.Readiness = w.pullReadiness(p, l.pulledImages(), w.iamRefusal) // when it was made, the API was on
			w.lastOrder++
			l.Generation, l.DeployTime, l.Order = 1, ParseTime(l.CreateTime), w.lastOrder
		}
	}
}

func (w *World) setUpProject(p *Project) {
	w.policies[fullNodeName(p.Name())] = &storedPolicy{policy: p.Policy.toProto()}
	for _, a := range p.ServiceAccounts {
		w.policies[FullName("iam", a.Name())] = &storedPolicy{policy: a.Policy.toProto()}
	}
	for _, r := range p.Repositories {
		w.policies[FullName("artifactregistry", r.Name())] = &storedPolicy{policy: r.Policy.toProto()}
	}
	w.workloads[p.ID] = p.Workloads
	for _, l := range p.Workloads {
		w.workloadsByName[l.Name()] = l
		w.policies[FullName("run", l.Name())] = &storedPolicy{policy: l.Policy.toProto()}
	}
	w.setUpServices(p)
}

// toProto turns a file's policy into the API's. Version and etag are made when
// it is read.
func (f FilePolicy) toProto() *iampb.Policy {
	p := &iampb.Policy{}
	for _, b := range f.Bindings {
		p.Bindings = append(p.Bindings, b.toProto())
	}
	for _, a := range f.AuditConfigs {
		config := &iampb.AuditConfig{Service: a.Service}
		for _, l := range a.AuditLogConfigs {
			config.AuditLogConfigs = append(config.AuditLogConfigs, &iampb.AuditLogConfig{
				LogType:         iampb.AuditLogConfig_LogType(iampb.AuditLogConfig_LogType_value[l.LogType]),
				ExemptedMembers: l.ExemptedMembers,
			})
		}
		p.AuditConfigs = append(p.AuditConfigs, config)
	}
	return p
}

func (b FileBinding) toProto() *iampb.Binding {
	binding := &iampb.Binding{Role: b.Role, Members: append([]string(nil), b.Members...)}
	if c := b.Condition; c != nil {
		binding.Condition = &expr.Expr{Title: c.Title, Description: c.Description, Expression: c.Expression}
	}
	return binding
}
