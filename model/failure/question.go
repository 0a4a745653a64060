package failure

import "whopulls/model"

// undiagnosable are the causes to which the three identities have no answer.
var undiagnosable = map[Cause]bool{NotAccess: true, Unrecognized: true, OrgPolicy: true, ServiceControls: true,
	ConcurrentChange: true, ImageReference: true, MemberNotFound: true}

// IsDiagnosable reports whether the cause leads on to a question about who may run what.
func (f Failure) IsDiagnosable() bool { return !undiagnosable[f.Cause] }

// FillQuestion completes a question with what the text tells. What the question has already stays.
func (f Failure) FillQuestion(q model.Question) model.Question {
	if !f.IsDiagnosable() {
		return q
	}
	if q.Project == "" {
		q.Project = f.ConsumerProject
	}
	if q.Workload == nil && q.Project == f.ConsumerProject && q.Repository.ID == "" {
		q.Workload = f.Workload
	}
	if q.ServiceAccount == "" && (f.Cause == ActAs || f.Cause == RunAs) {
		q.ServiceAccount = f.ServiceAccount
	}
	if member, err := model.ParseMember(f.Principal); q.Deployer == "" && f.Identity == IdentityDeployer && err == nil {
		q.Deployer = member
	}
	return f.fillQuestionImage(q)
}

// fillQuestionImage: a repository stands in for an image only where no workload says which one it is.
func (f Failure) fillQuestionImage(q model.Question) model.Question {
	if !q.Image.IsZero() || q.Repository.ID != "" {
		return q
	}
	if image, err := model.ParseImage(f.Image); err == nil {
		q.Image = image
		return q
	}
	if name, err := model.ParseRepository(f.Repository); err == nil && q.Workload == nil {
		q.Repository = name
	}
	return q
}
