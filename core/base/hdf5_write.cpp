// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hdf5_p.h"

#include <algorithm>

namespace bitwright {

using h5::bytesOf;
using h5::Id;
using h5::kMaxRank;
using h5::makeType;

Result<Hdf5File> Hdf5File::create(const std::string& path)
{
    const auto lock = h5::enter();
    const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_file_locking(access, true, true);
    auto d = std::make_unique<Private>();
    d->path = path;
    d->file = Id(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
    if (!d->file)
        return Error{Error::Io, "The HDF5 file cannot be created; check the folder and its permissions.",
                     path};
    return Hdf5File(std::move(d));
}

Result<Id> Hdf5File::Private::makeDataset(const std::string& key, H5Type type,
                                          const std::vector<int64_t>& shape, int deflate)
{
    std::vector<hsize_t> sizes(shape.begin(), shape.end());
    if (sizes.size() > size_t(kMaxRank) ||
        std::any_of(shape.begin(), shape.end(), [](int64_t n) { return n < 0; }))
        return error(Error::InvalidArgument, key, "The shape is not one that HDF5 can hold.");
    const Id space(sizes.empty() ? H5Screate(H5S_SCALAR)
                                 : H5Screate_simple(int(sizes.size()), sizes.data(), nullptr),
                   H5Sclose);
    const Id links(H5Pcreate(H5P_LINK_CREATE), H5Pclose), creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_create_intermediate_group(links, 1);
    // Without creation times the same contents give the same bytes.
    H5Pset_obj_track_times(creation, false);
    if (deflate > 0 && !sizes.empty() && std::count(sizes.begin(), sizes.end(), 0u) == 0) {
        hsize_t left = 65536; // elements of a chunk: whole inner dimensions, then as many rows as fit
        for (size_t i = sizes.size(); i-- > 0;) {
            sizes[i] = std::clamp<hsize_t>(sizes[i], 1, left);
            left = std::max<hsize_t>(left / sizes[i], 1);
        }
        if (H5Pset_chunk(creation, int(sizes.size()), sizes.data()) < 0 ||
            (bytesOf(type) > 1 && H5Pset_shuffle(creation) < 0) ||
            H5Pset_deflate(creation, unsigned(deflate)) < 0)
            return error(Error::InvalidArgument, key, "The dataset cannot be compressed.");
    }
    const Id fileType = makeType(type);
    Id made(H5Dcreate2(file, key.c_str(), fileType, space, links, creation, H5P_DEFAULT), H5Dclose);
    if (!made)
        return error(Error::Io, key, "The dataset cannot be created (does the key exist already?).");
    return made;
}

Result<void> Hdf5File::write(const std::string& key, H5Type type, const std::vector<int64_t>& shape,
                             const void* data, int deflate)
{
    const auto lock = h5::enter();
    BITWRIGHT_TRY(Id made, d->makeDataset(key, type, shape, deflate));
    const Id memory = makeType(type);
    const bool isEmpty = std::count(shape.begin(), shape.end(), 0) > 0;
    if ((!isEmpty && H5Dwrite(made, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) || !made.close())
        return d->error(Error::Io, key, "Writing failed; is the disk full?");
    return {};
}

Result<void> Hdf5File::Private::writeAttribute(const std::string& key, const std::string& name, hid_t type,
                                               const void* value)
{
    const std::string object = key.empty() ? "/" : key;
    const Id space(H5Screate(H5S_SCALAR), H5Sclose);
    Id attribute(H5Acreate_by_name(file, object.c_str(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT,
                                   H5P_DEFAULT),
                 H5Aclose);
    if (!attribute || H5Awrite(attribute, type, value) < 0 || !attribute.close())
        return error(Error::Io, key, "The attribute \"" + name + "\" cannot be written.");
    return {};
}

Result<void> Hdf5File::writeAttribute(const std::string& key, const std::string& name,
                                      const std::string& value)
{
    const auto lock = h5::enter();
    const Id type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    const char* text = value.c_str();
    return d->writeAttribute(key, name, type, &text);
}

Result<void> Hdf5File::writeAttribute(const std::string& key, const std::string& name, int64_t value)
{
    const auto lock = h5::enter();
    return d->writeAttribute(key, name, H5T_NATIVE_INT64, &value);
}

Result<void> Hdf5File::writeAttribute(const std::string& key, const std::string& name, double value)
{
    const auto lock = h5::enter();
    return d->writeAttribute(key, name, H5T_NATIVE_DOUBLE, &value);
}

Result<void> Hdf5File::close()
{
    const auto lock = h5::enter();
    d->opened.clear();
    const bool flushed = !d->file || H5Fflush(d->file, H5F_SCOPE_LOCAL) >= 0;
    if (!d->file.close() || !flushed)
        return d->error(Error::Io, {}, "The file cannot be finished; is the disk full?");
    return {};
}

} // namespace bitwright
